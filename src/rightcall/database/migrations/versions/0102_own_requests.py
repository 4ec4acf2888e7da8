from rightcall.database.migrate import run_sql_beside

revision = "0102"
down_revision = "0101"


def upgrade() -> None:
    run_sql_beside(__file__)
