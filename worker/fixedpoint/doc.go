// Package fixedpoint turns the texts of a data file into the integers that programs compute with, exactly and without
// floating point, and defines the header of a job's input that says how.
//
// A column has an offset, a number of decimals and a number of bits. The text of a cell stands for a decimal number x; its
// integer is (x - offset) * 10^decimals, which must be whole and in [0, 2^bits). With offset 0 and one decimal, "39.1" is 391.
//
// # The input of a job
//
// All numbers are little-endian:
//
//	byte 0       version, 1
//	byte 1       0
//	bytes 2-3    number k of columns, at least 1
//	bytes 4-7    length of the header, 8 + 10 k
//	then for each column, in the order of the job:
//	  8 bytes    offset, signed, in whole units of the column
//	  1 byte     decimals, 0 to 18
//	  1 byte     bits, 1 to 63
//	from the length of the header on: bytes of the program's own
//
// Errors never quote a cell: it is an owner's data, and errors are logged.
package fixedpoint
