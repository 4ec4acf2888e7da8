from rightcall.database.migrate import run_sql_beside

revision = "0137"
down_revision = "0136"


def upgrade() -> None:
    run_sql_beside(__file__)
