#!/bin/sh
# Run once by the image of PostgreSQL: a database whose owner is no superuser, so that PostgreSQL
# keeps the rows of organisations apart for it.
set -eu
psql --set=ON_ERROR_STOP=1 --set=secret="$MIXWIJZER_DATABASE_PASSWORD" --username="$POSTGRES_USER" <<'SQL'
CREATE ROLE mixwijzer LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE PASSWORD :'secret';
CREATE DATABASE mixwijzer OWNER mixwijzer ENCODING 'UTF8' TEMPLATE template0;
SQL
