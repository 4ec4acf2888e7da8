from rightcall.database.migrate import run_sql_beside

revision = "0092"
down_revision = "0091"


def upgrade() -> None:
    run_sql_beside(__file__)
