"""From what the templates matched to the model: one module for each area of the configuration."""
