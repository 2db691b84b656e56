"""Numbers and ages as people write them. The pre-check reads them too: the reader lies in `tools`."""

from tools.numerals import NUMBER, Amount, age, age_from_grade, age_in_months, months, number

__all__ = ["NUMBER", "Amount", "age", "age_from_grade", "age_in_months", "months", "number"]
