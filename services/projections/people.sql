-- By which a person is found. Nothing here can be read without the key of the marks; the details are on the board, sealed.

-- detection
create table person (
  id    text primary key,
  marks bigint[] not null -- keyed hashes of the words, beginnings and sounds of the names, the phone and the birth date
);
create index person_marks on person using gin (marks);

-- Readers see the marks of everybody: without the key they say nothing, and who is found is a row of the board.
do $$ begin
  execute format('grant usage on schema %1$I to passerelle_reader; grant select on all tables in schema %1$I to passerelle_reader', current_schema());
end $$;
