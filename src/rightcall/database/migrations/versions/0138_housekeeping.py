from rightcall.database.migrate import run_sql_beside

revision = "0138"
down_revision = "0137"


def upgrade() -> None:
    run_sql_beside(__file__)
