"""What the screens share. A page is wiring; whatever two pages draw is here."""
