from rightcall.database.migrate import run_sql_beside

revision = "0084"
down_revision = "0083"


def upgrade() -> None:
    run_sql_beside(__file__)
