"""The fixture itself: a real server, one database a test."""

import sqlalchemy as sa


def _tables_after_creating_one(url: str) -> list[str]:
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE 报送 (id int)"))
    names = sa.inspect(engine).get_table_names()
    engine.dispose()
    return names


def test_every_test_gets_an_empty_database_of_its_own(fresh_postgres_url: str, postgres_url: str) -> None:
    assert fresh_postgres_url != postgres_url
    assert _tables_after_creating_one(fresh_postgres_url) == ["报送"]
    assert _tables_after_creating_one(postgres_url) == ["报送"]
