from rightcall.database.migrate import run_sql_beside

revision = "0078"
down_revision = "0077"


def upgrade() -> None:
    run_sql_beside(__file__)
