// Package fixedpoint turns the texts of a data file into the integers that programs compute with, exactly and without
// floating point. It also defines the header of a job's input, which describes the columns.
//
// A column has an offset, a number of decimals and a number of bits. The text of a cell stands for a decimal number x; its
// integer is (x - offset) * 10^decimals. With offset 0 and one decimal, "39.1" is 391. More decimals are rounded, half to even; an
// integer below 0 or above 2^bits - 1 becomes the nearest in this range; a text that is no number is a missing value.
//
// A column of labels lists texts in UTF-8. They are compared byte for byte, and a cell becomes the index of its label.
//
// # The input of a job
//
// All numbers are little-endian:
//
//	byte 0       version: 1, or 2 if a column has labels
//	byte 1       0
//	bytes 2-3    number k of columns, at least 1
//	bytes 4-7    length of the header, 8 + 10 k and the labels
//	then for each column, in the order of the job:
//	  8 bytes    offset, signed, in whole units of the column
//	  1 byte     decimals, 0 to 18
//	  1 byte     bits, 1 to 63
//	and in version 2, at most 16,384 bytes, for each column:
//	  2 bytes    number of labels, 0 to 256; if there are any:
//	  1 byte     1 if any other text is the category after the last label, 0 if it counts as missing
//	  and for each label
//	    1 byte   its length, 1 to 128
//	    the label
//	after the header: the program's own bytes
//
// Errors never quote a cell, because errors are logged and cells are the owner's data.
package fixedpoint
