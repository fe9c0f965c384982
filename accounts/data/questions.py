"""The challenge questions people choose from; the code is stored, the wording may change."""

from django.utils.translation import gettext_lazy as _

REQUIRED_ANSWERS = 3

QUESTIONS = [
    ("disliked_food", _("Which food did you refuse to eat as a child?")),
    ("stuffed_animal", _("What did you call your first stuffed animal?")),
    ("first_prize", _("For what did you receive your first medal, ribbon or prize?")),
    ("childhood_toy", _("Which toy did you play with most as a child?")),
    ("first_game", _("What was the first computer or board game you owned?")),
    ("film_line", _("Which line from a film do you quote most often?")),
    ("team_mascot", _("What was the mascot of the first team you played for?")),
    ("first_music", _("What was the first album or song you bought?")),
    ("artwork", _("Which painting or sculpture do you like best?")),
    ("family_dessert", _("Which dessert did a grandparent make best?")),
    ("first_dish", _("What was the first dish you learned to cook?")),
    ("dream_job", _("As a child, what did you want to become?")),
    ("met_partner", _("In which place did you meet your spouse or partner?")),
    ("holiday_place", _("Where did you spend your best holiday?")),
    ("new_year_2000", _("Where were you when the year 2000 began?")),
    ("best_speaker", _("Which speaker or teacher impressed you most?")),
    ("book_character", _("Which character from a book would you like to meet?")),
    ("athlete", _("Which athlete did you admire first?")),
]
