/** The page's only script: looks for news and shows it in the list, without losing the place. */
export const follow = `
let newest = document.querySelector('#mails a')?.getAttribute('href') ?? '';
setInterval(async () => {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const list = page.querySelector('#mails');
    const first = list.querySelector('a')?.getAttribute('href') ?? '';
    if (first === newest) return;
    newest = first;
    const focused = document.activeElement?.getAttribute('href');
    document.querySelector('#mails').innerHTML = list.innerHTML;
    document.querySelector('#count').textContent = page.querySelector('#count').textContent;
    if (focused) document.querySelector('#mails a[href="' + focused + '"]')?.focus();
  } catch {}
}, 2000);
`;
