"""From text to text: equality, ASCII spelling, templates, checks of one value; knows no file and no directory."""
