from tests.services.walks.conftest import scene

__all__ = ["scene"]
