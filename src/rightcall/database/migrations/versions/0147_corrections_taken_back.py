from rightcall.database.migrate import run_sql_beside

revision = "0147"
down_revision = "0146"


def upgrade() -> None:
    run_sql_beside(__file__)
