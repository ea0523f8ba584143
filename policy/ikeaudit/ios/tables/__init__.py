"""What is known of IOS's configuration commands: one module for each family of modes."""
