from rightcall.database.migrate import run_sql_beside

revision = "0079"
down_revision = "0078"


def upgrade() -> None:
    run_sql_beside(__file__)
