# Puts db/migrations/*.sql into the program, in the order of their numbers.
file(GLOB migrations CONFIGURE_DEPENDS
     ${CMAKE_CURRENT_SOURCE_DIR}/db/migrations/*.sql)
list(SORT migrations)
set(migrations_cc ${CMAKE_CURRENT_BINARY_DIR}/migrations.cc)
add_custom_command(
  OUTPUT ${migrations_cc}
  COMMAND ${CMAKE_COMMAND} -DOUT=${migrations_cc} "-DFILES=${migrations}"
          -P ${CMAKE_CURRENT_SOURCE_DIR}/db/embed_migrations.cmake
  DEPENDS ${migrations} ${CMAKE_CURRENT_SOURCE_DIR}/db/embed_migrations.cmake
  VERBATIM)
target_sources(lagnet_db PRIVATE ${migrations_cc})
