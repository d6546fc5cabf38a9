"""When things happen. The only package that imports prefect; what happens is written in tasks/."""
