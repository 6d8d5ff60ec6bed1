package sandbox

// LimitChild limits the process of a test.
var LimitChild = limitChild
