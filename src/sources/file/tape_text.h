// TapeText: a question to files and its answer as they are kept on tape, so that a replay needs no file.
#pragma once

#include <string>
#include <vector>

#include "core/question.h"
#include "core/result.h"
#include "core/samples.h"
#include "sources/file/query.h"
#include "sources/file/walk.h"

namespace gate::sources::file {

/// The identity of a question: the source's name, the files, what is asked of them and over which window.
std::string encode_question(const std::string& source, const core::Question& question, const FileQuery& query);

/// The reduced answer or the error, with the SHA-256 of every file that was read.
std::string encode_answer(const core::Result<core::Answer>& answer, const std::vector<FileRead>& files);

/// The inverse; RG1414 when `text` is not what encode_answer writes.
core::Result<core::Answer> decode_answer(const std::string& text);

}  // namespace gate::sources::file
