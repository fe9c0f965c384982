"""How dates and times are written, by language; Django finds it by FORMAT_MODULE_PATH."""
