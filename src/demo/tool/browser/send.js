// Sends the one form of the page at once.
document.getElementById('answer').submit();
