package worker

import "errors"

// What may go wrong in a run. Others must not learn which it was, nor that it was anything at all if a vector can be sent all the same:
// the details are written to the owner's own file.
var (
	errFile  = errors.New("the record's file is not the committed one")
	errLate  = errors.New("the run was late")
	errCrash = errors.New("the run did not come to an end")
)

// Reasons that are logged for a record that takes no part because of its file or this machine. There is one for every cause.
const (
	reasonNothing = "nothing is sent in this round; the owner finds why in the file of details"
	reasonResting = "the record rests; the owner finds why with alita-worker check"
)
