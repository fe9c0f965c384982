"""Times name their zone: the reader of a mail may be in another one than the portal."""

DATETIME_FORMAT = "N j, Y, P T"
TIME_FORMAT = "P T"
SHORT_DATETIME_FORMAT = "m/d/Y P T"
