"""The law's paragraphs, each with the day from which it holds; texts name the institute and take the number here."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class LawParagraph:
    """`rule` is our name of the rule, `cited` how Swedish texts cite it."""

    rule: str
    cited: str
    valid_from: date


# law-and-facts F1-F3, F10 and F13; a changed law is a new row.
PARAGRAPHS = (
    LawParagraph("serious_deficit_to_ivo", "27 kap. 7 § SoL", date(2026, 1, 1)),
    LawParagraph("provider_informs_of_report", "27 kap. 4 § SoL", date(2025, 7, 1)),
    LawParagraph("serious_wrong_to_ivo", "27 kap. 6 § SoL", date(2025, 7, 1)),
    LawParagraph("own_investigation", "27 kap. 5–6 §§ SoL", date(2025, 7, 1)),
    LawParagraph("staff_are_told_to_report", "27 kap. 2–3 §§ SoL", date(2025, 7, 1)),
    LawParagraph("provider_hands_over_data", "15 kap. 9 § SoL", date(2025, 7, 1)),
    LawParagraph("follow_the_care", "22 kap. 11 § SoL", date(2025, 7, 1)),
    LawParagraph("consideration", "22 kap. 13 § SoL och 13 § LVU", date(2025, 7, 1)),
    LawParagraph("reconsideration", "13 § LVU", date(2025, 7, 1)),
    LawParagraph("custody", "22 kap. 14 § SoL och 13 c § LVU", date(2025, 7, 1)),
    LawParagraph("care_plan_revision", "9 kap. 13 § SoL", date(2025, 7, 1)),
    LawParagraph("care_plan", "10 kap. 2 § SoF", date(2025, 7, 1)),
    LawParagraph("treatment_plan", "10 kap. 3 § SoF", date(2025, 7, 1)),
    LawParagraph("jourhem", "22 kap. 4 § SoL", date(2025, 7, 1)),
    LawParagraph("stodboende", "9 kap. 1 § SoL", date(2025, 7, 1)),
    LawParagraph("lvu_ends", "LVU", date(2025, 7, 1)),
    LawParagraph("after_care", "23 kap. 2 och 5 §§ SoL och 21 b–c §§ LVU", date(2025, 7, 1)),
    LawParagraph("delegated_to_committee", "30 kap. 6–7 §§ SoL", date(2025, 7, 1)),
    LawParagraph("foster_home_list_to_ivo", "3 kap. 4 § SoF", date(2025, 7, 1)),
    LawParagraph("more_than_three_to_ivo", "16 kap. 2 § SoF", date(2025, 7, 1)),
    LawParagraph("serious_event_in_home", "5 kap. 8 § SoF", date(2025, 7, 1)),
    LawParagraph("secrecy_of_social_services", "26 kap. 1 § OSL", date(2009, 6, 30)),
    LawParagraph("control_of_private_providers", "10 kap. 8 § kommunallagen", date(2018, 1, 1)),
)


def paragraph(rule: str, day: date) -> str | None:
    """How the rule is cited that day; None before it came into force."""
    valid = [one for one in PARAGRAPHS if one.rule == rule and one.valid_from <= day]
    return max(valid, key=lambda one: one.valid_from).cited if valid else None
