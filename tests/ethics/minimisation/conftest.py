from tests.reviews.conftest import rules, training

__all__ = ["rules", "training"]
