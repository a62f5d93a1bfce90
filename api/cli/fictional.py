"""What every command says that shows something of the sample network."""

__all__ = ["FICTIONAL"]

FICTIONAL = "This is a sample network: all that it tells of people, organisations and events is fictional."
