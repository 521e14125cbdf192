from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "kiremisu.jobs"
    label = "jobs"
    verbose_name = "Jobs"
