// Package publisher is for owners, who publish data, and for makers, who review what is published in their pools.
//
// An owner's document and local file become a record in these steps:
//
//	file, err := publisher.ReadFile("data.csv", "")           // commits to the rows
//	draft, err := publisher.Check(doc, options, file, nil)    // findings, by JSON path
//	owner := publisher.Publisher{Client: client}              // of client/tx
//	done, err := owner.Register(ctx, poolID, draft)           // seals, signs, sends, waits
//
// Check needs no network. A Draft with an error among its findings is refused before anything is sent; package
// client/publisher/document says how documents are read.
//
// The file never leaves the machine. The chain sees its name, size and checksum, the names and types of its columns,
// the number of rows and a salted commitment to them, and the file's location sealed to the owner's own workers.
package publisher
