"""What the Makefile calls beside the tools that it installs."""
