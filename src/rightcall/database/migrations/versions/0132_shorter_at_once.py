from rightcall.database.migrate import run_sql_beside

revision = "0132"
down_revision = "0131"


def upgrade() -> None:
    run_sql_beside(__file__)
