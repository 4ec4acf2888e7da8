from rightcall.database.migrate import run_sql_beside

revision = "0163"
down_revision = "0162"


def upgrade() -> None:
    run_sql_beside(__file__)
