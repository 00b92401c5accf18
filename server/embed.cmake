# Puts files into a library: lagnet_embed(directory "territories/*.tsv"
# server/directory/territory_data.h lagnet::directory).
set(lagnet_embed_files ${CMAKE_CURRENT_SOURCE_DIR}/embed_files.cmake)
function(lagnet_embed name files header namespace)
  file(GLOB sources CONFIGURE_DEPENDS
       ${CMAKE_CURRENT_SOURCE_DIR}/${name}/${files})
  list(SORT sources)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/${name}_files.cc)
  add_custom_command(
    OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} "-DFILES=${sources}"
            -DHEADER=${header} -DNAMESPACE=${namespace}
            -P ${lagnet_embed_files}
    DEPENDS ${sources} ${lagnet_embed_files}
    VERBATIM)
  target_sources(lagnet_${name} PRIVATE ${out})
endfunction()
