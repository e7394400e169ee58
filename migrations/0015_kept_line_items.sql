-- Columns of gradebooks that no LMS keeps: tools that are opened from the portal make them for classes of a roster.
create table kept_line_item (
  tenant_id uuid not null,
  kept_id uuid not null,
  -- The roster, and the class in it.
  connection_id uuid not null,
  class_id text not null check (length(class_id) between 1 and 255),
  -- As the tool wrote it (AGS 2.0 §3.2), with the portal's own id of the link.
  content jsonb not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (tenant_id, kept_id),
  foreign key (tenant_id, connection_id) references connection
);
create index kept_line_item_of_class on kept_line_item (tenant_id, connection_id, class_id);
call protect_tenant_table('kept_line_item');
grant select, insert, update (content, changed_at), delete on kept_line_item to gatehouse_app;
