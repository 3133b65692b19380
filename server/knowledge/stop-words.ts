/**
 * Words that say nothing about what is asked. The English ones hold Postgres's own list, so that no term sent to
 * its `english` configuration comes to nothing, and beside it what people write to a shop: greetings and wishes.
 */
const ENGLISH = `
  a about above after again against all am an and any are as at be because been before being below between both but
  by can did do does doing don down during each few for from further had has have having he her here hers herself him
  himself his how i if in into is it its itself just me more most my myself no nor not now of off on once only or
  other our ours ourselves out over own s same she should so some such t than that the their theirs them themselves
  then there these they this those through to too under until up very was we were what when where which while who
  whom why will with you your yours yourself yourselves
  also could couldn didn doesn hadn hasn haven isn ll may might must re shall shouldn ve wasn weren would wouldn
  anyone anything bye else ever get give going good got hello help hey hi know like look looking make maybe much need ok
  okay please possible question say see someone something sorry still sure take tell thank thanks think understand
  us use want way well yes yet`

/** Written like every other text here, with niqqud and final letters still to be normalised. */
const HEBREW = `
  אבל או אולי אליו אליה אליהם אליי אלייך אליך אליכם אלינו אומר אותה אותו אותי אותך אותם אז אחר אחרי אחת אי איזה איזו איך אין איפה אל אלה אלו אם אנו אנחנו אנא
  אני אפשר אפשרי את אתה אתכם אתם אתן בבקשה בגלל ביי בין בלי בשביל גם דרך היא היה היו היי הוא הזה הזאת הם הן הנה האם
  ואם ואת וגם זאת זה זו חייב חייבת יהיה יודע יודעת יותר יכול יכולה יכולים יש כאן כבר כדי כי כל כמה כמו כן כך לא לאן
  להיות לגבי לו לי לך לכם לנו לפי לקבל מאוד מקבל מקבלים מאין מאיפה מבקש מבקשת מדוע מה מהו מהי מי מישהו מכם ממני ממש מן מתי משהו
  נא עוד עושה עושים עזרה על עליי עם עד עדיין פה צריך צריכה צריכים קצת רוצה רוצים רק שאני שאלה שאתם שוב שזה של שלה
  שלהם שלו שלום שלי שלך שלכם שלנו שם תודה תוכלו תוכל`

/** Stop words in the form that `normalise` gives them. */
export function stopWords(normalise: (text: string) => string): ReadonlySet<string> {
  return new Set(normalise(`${ENGLISH} ${HEBREW}`).split(/\s+/).filter(Boolean))
}
