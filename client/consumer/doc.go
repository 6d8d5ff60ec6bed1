// Package consumer asks questions of a pool's records and reads the answers.
//
// A [Client] belongs to who pays. It quotes a [Request], opens a job for it, sees
// the job through its rounds, and reads the answer:
//
//	payer := consumer.Client{Sender: &sender, Home: home} // sender is a tx.Client
//	quote, err := payer.Quote(ctx, request)               // nothing is paid yet
//	run, err := payer.Open(ctx, quote)                    // the budget goes into escrow
//	job, err := run.Follow(ctx, nil)                      // minutes: owners compute, seats sum
//	answer := run.Answer()
//
// # What is verified
//
// Nothing is believed because a node says it, if the sender has a State (package
// client/proved): budgets, seats' fees, cohorts, jobs, sums and commitments are then
// what the chain proves. Every seat's sum is opened with the
// reader's key and verified against the commitments of the owners' contributions;
// the program's input and the number of owners are compared with what was asked. A
// wrong sum is disputed, which costs the seat its bond. Without a State, a node
// cannot be held to the commitments themselves: list second nodes in
// [Client.CheckNodes], and nothing is accepted or disputed before all show the same.
//
// # What is kept
//
// Answers are sealed to a key that is made for the job. Open writes it to the home
// directory before it sends anything, with all that is needed to go on: a run that
// was interrupted, in whatever round, goes on with [Client.Resume]. An
// [UnfinishedError] says that this is so. [Run.Forget] deletes the key once the
// answer was shown and the chain has proved that the job is over; without the key
// nobody can read the job, ever.
//
// A node that says that it refuses the job may lie, and the job may be open
// nevertheless. Then the key is kept aside, and Resume finds it; [Client.Aside]
// deletes it once the chain proves that the job can never be opened.
package consumer
