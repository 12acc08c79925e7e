"""Being here, this file lets the tests import from `functions/`."""
