from rightcall.database.migrate import run_sql_beside

revision = "0080"
down_revision = "0079"


def upgrade() -> None:
    run_sql_beside(__file__)
