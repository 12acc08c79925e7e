"""The engines that Penstock is measured beside, each run in a venv and in processes of its own."""
