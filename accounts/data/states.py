"""States, the federal district, territories and military mail regions of the United States."""

from django.utils.translation import gettext_lazy as _

_NAMES = """AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut
|DE Delaware|FL Florida|GA Georgia|HI Hawaii|ID Idaho|IL Illinois|IN Indiana|IA Iowa|KS Kansas
|KY Kentucky|LA Louisiana|ME Maine|MD Maryland|MA Massachusetts|MI Michigan|MN Minnesota
|MS Mississippi|MO Missouri|MT Montana|NE Nebraska|NV Nevada|NH New Hampshire|NJ New Jersey
|NM New Mexico|NY New York|NC North Carolina|ND North Dakota|OH Ohio|OK Oklahoma|OR Oregon
|PA Pennsylvania|RI Rhode Island|SC South Carolina|SD South Dakota|TN Tennessee|TX Texas|UT Utah
|VT Vermont|VA Virginia|WA Washington|WV West Virginia|WI Wisconsin|WY Wyoming"""

STATES = [
    *((entry.strip()[:2], entry.strip()[3:]) for entry in _NAMES.split("|")),
    ("DC", _("District of Columbia")),
    ("AS", _("American Samoa")),
    ("GU", _("Guam")),
    ("MP", _("Northern Mariana Islands")),
    ("PR", _("Puerto Rico")),
    ("VI", _("U.S. Virgin Islands")),
    ("AA", _("Armed Forces Americas")),
    ("AE", _("Armed Forces Europe")),
    ("AP", _("Armed Forces Pacific")),
]
