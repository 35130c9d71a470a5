"""How good answers are: judged questions, the measures, a report; knows no store and no screen."""
