// Package class names the classes of code points by which package text judges. The tables of text, and the program
// that makes them, have these numbers in common.
package class

// Class says how a reader sees a code point.
type Class uint8

// The classes. Only the first three are printed.
const (
	Visible      Class = iota // letters, numbers, punctuation and symbols
	Mark                      // combining marks
	Space                     // U+0020
	Control                   // U+0000 to U+001F and U+007F to U+009F
	Direction                 // controls of the direction of writing (Bidi_Control)
	Separator                 // separators of lines and paragraphs, U+2028 and U+2029
	Invisible                 // drawn as nothing (Default_Ignorable_Code_Point): joiners, tags, variation selectors, fillers
	OtherSpace                // spaces that look like U+0020
	Format                    // other format characters
	Blank                     // letters, marks and symbols that draw nothing
	Private                   // for private use
	Surrogate                 // halves of UTF-16, which no UTF-8 holds
	Noncharacter              // never to be assigned
	Unassigned                // not assigned in Unicode 15.0.0
)

// Unsettled is set, in addition to the class, for code points that a text in normal form C may not hold in every
// place: those with a combining class, and those whose NFC_Quick_Check is not Yes.
const Unsettled = 0x80
