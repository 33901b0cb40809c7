"""What practice adds up to: assessed answers, trends, what is due, before and after. Pure folds."""
