"""What the scripts of bench/ share: servers, load, /proc, figures, plots. Standard library only."""
