# Puts directory/territories/*.tsv into the program.
file(GLOB territories CONFIGURE_DEPENDS
     ${CMAKE_CURRENT_SOURCE_DIR}/directory/territories/*.tsv)
list(SORT territories)
set(territories_cc ${CMAKE_CURRENT_BINARY_DIR}/territories.cc)
set(territories_embed
    ${CMAKE_CURRENT_SOURCE_DIR}/directory/embed_territories.cmake)
add_custom_command(
  OUTPUT ${territories_cc}
  COMMAND ${CMAKE_COMMAND} -DOUT=${territories_cc} "-DFILES=${territories}"
          -P ${territories_embed}
  DEPENDS ${territories} ${territories_embed}
  VERBATIM)
target_sources(lagnet_directory PRIVATE ${territories_cc})
