from rightcall.database.migrate import run_sql_beside

revision = "0093"
down_revision = "0092"


def upgrade() -> None:
    run_sql_beside(__file__)
