from rightcall.database.migrate import run_sql_beside

revision = "0083"
down_revision = "0082"


def upgrade() -> None:
    run_sql_beside(__file__)
