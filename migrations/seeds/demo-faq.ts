/** One question of the shop's help pages, with the answer as a customer reads it (markdown). */
export interface FaqEntry {
  question: string
  answer: string
}

export const englishFaq: readonly FaqEntry[] = [
  {
    question: 'How long does shipping take, and what does it cost?',
    answer:
      'Standard delivery takes 3 to 5 business days and costs $6. It is **free for orders over $75**. Express ' +
      'delivery arrives the next business day for $18 when you order before 2 pm. We send the tracking number by ' +
      'email as soon as the parcel leaves our warehouse.',
  },
  {
    question: 'Do you ship abroad?',
    answer:
      'Yes, we deliver to 34 countries: all of Europe, the United States, Canada, Israel, Australia, New Zealand ' +
      'and Japan. International shipping takes 7 to 12 business days and costs $19. Customs duties and taxes are ' +
      'shown and paid at checkout, so nothing is due at your door.',
  },
  {
    question: 'Where is my order?',
    answer:
      'Open **My account > Orders** and choose *Track*, or follow the tracking link in your shipping email. Without ' +
      'an account you can track an order with its number and your email address at the bottom of every page. If the ' +
      'tracking has not moved for three business days, write to us and we will ask the carrier.',
  },
  {
    question: 'How do returns and refunds work?',
    answer:
      'You can send anything back within **30 days** of delivery, unworn and with its tags. Start the return under ' +
      '*My account > Orders* and print the prepaid label; sending it back is free in your own country. We refund ' +
      'the money to your original payment method within 5 business days after the parcel reaches us. Final-sale ' +
      'items and cut rope cannot be returned.',
  },
  {
    question: 'Can I exchange an item for another size or colour?',
    answer:
      'Yes. Choose *Exchange* instead of *Return* when you start it under *My account > Orders*. We put the new ' +
      'size or colour aside for 14 days and send it as soon as the first parcel is on its way back to us. ' +
      'Exchanges ship free of charge.',
  },
  {
    question: 'Which size fits me?',
    answer:
      'Our clothing runs true to size. Measure your chest, waist and hips and compare them with the size chart on ' +
      'every product page. Between two sizes, take the larger one for jackets, since you will wear layers below, ' +
      'and the smaller one for base layers. For hiking boots, add half a size for thick socks.',
  },
  {
    question: 'How can I pay?',
    answer:
      'We accept Visa, Mastercard, American Express, PayPal, Apple Pay, Google Pay and Acme gift cards. Orders over ' +
      '$120 can be paid in three interest-free instalments. Your card is charged when the order ships, not before.',
  },
  {
    question: 'When are your shops open?',
    answer:
      'Opening hours of our shops:\n\n' +
      '- Sunday to Thursday: 9 am to 8 pm\n' +
      '- Friday and the eve of holidays: 9 am to 2 pm\n' +
      '- Saturday (Shabbat): closed, open again one hour after Shabbat ends until 11 pm\n\n' +
      'The online shop never closes; orders placed on Shabbat are packed on Sunday morning.',
  },
  {
    question: 'How can I contact customer service?',
    answer:
      'Write to us here in the chat at any time, by email to help@acme-outfitters.example, or by phone on ' +
      '+1 555 0142. People answer Sunday to Thursday from 9 am to 6 pm and on Friday until 1 pm; emails get a reply ' +
      'within one business day.',
  },
  {
    question: 'What does the warranty cover?',
    answer:
      'Every tent, backpack and jacket has a **lifetime warranty** against faults of material and workmanship; ' +
      'boots, stoves and electronics have two years. We repair first and replace what we cannot repair. Normal ' +
      'wear, burns and tears from use are not covered, but our workshop repairs them at a fair price.',
  },
  {
    question: 'How do gift cards work?',
    answer:
      'Gift cards come by email or printed in an envelope, in any amount from $10 to $500. They never expire, work ' +
      'online and in our shops, and can be used in several purchases. Check the balance of a voucher under ' +
      '*Gift cards > Balance*.',
  },
  {
    question: 'Can I change or cancel my order?',
    answer:
      'Within **60 minutes** you can change the address, change items or cancel the order yourself under ' +
      '*My account > Orders*. After that it is being packed; write to us at once and we will try to stop it. Once ' +
      'it has shipped, refuse the parcel or send it back for a full refund.',
  },
  {
    question: 'My item arrived damaged, or the wrong one came. What now?',
    answer:
      'We are sorry! Send us a photo and your order number within 14 days, here or by email. We ship a replacement ' +
      'the same day, or give the money back if you prefer, and pick up the damaged or wrong item at our cost.',
  },
  {
    question: 'How do I wash and care for waterproof jackets?',
    answer:
      'Close all zips, wash at 30 °C with a liquid detergent for technical fabrics and rinse twice. No fabric ' +
      'softener and no bleach. Tumble dry on low for 20 minutes: the warmth wakes the water repellency up. When ' +
      'water no longer beads, treat the jacket with a spray-on proofing.',
  },
  {
    question: 'Do you have a discount for students or a loyalty programme?',
    answer:
      'Members of the *Acme Trail Club* earn 1 point for every dollar; 100 points are a $5 coupon. Joining is free. ' +
      'Students, soldiers and teachers get 10% off with a valid card. Discount codes cannot be combined with sale ' +
      'prices.',
  },
  {
    question: 'Will a sold-out product be back in stock?',
    answer:
      'Usually within 3 to 4 weeks. Choose your size on the product page and press *Tell me when it is back*: we ' +
      'send one email when it is available and keep one for you for 24 hours. Seasonal colours are not restocked.',
  },
]

export const hebrewFaq: readonly FaqEntry[] = [
  {
    question: 'כמה זמן לוקח המשלוח וכמה הוא עולה?',
    answer:
      'משלוח רגיל מגיע תוך 3 עד 5 ימי עסקים ועולה 25 ש״ח, ו**חינם בהזמנה מעל 280 ש״ח**. משלוח מהיר מגיע ביום העסקים ' +
      'הבא ב־65 ש״ח, אם ההזמנה נעשתה לפני 14:00. מספר מעקב נשלח בדואר אלקטרוני ברגע שהחבילה יוצאת מהמחסן.',
  },
  {
    question: 'איך מחזירים מוצר ומקבלים החזר כספי?',
    answer:
      'אפשר להחזיר כל מוצר תוך **30 יום** מקבלתו, כשהוא לא משומש ועם התווית. מתחילים את ההחזרה ב*החשבון שלי > הזמנות* ' +
      'ומדפיסים תווית משלוח, ללא תשלום. הזיכוי ניתן באמצעי התשלום המקורי תוך 5 ימי עסקים מהגעת החבילה אלינו. ביטול ' +
      'עסקה לפי חוק הגנת הצרכן אפשרי תוך 14 יום.',
  },
  {
    question: 'איך בוחרים מידה, ואפשר להחליף?',
    answer:
      'המידות שלנו רגילות. מודדים חזה, מותניים וירכיים ומשווים לטבלת המידות שבכל עמוד מוצר. בין שתי מידות: במעיל ' +
      'לוקחים את הגדולה, בבגדי בסיס את הקטנה. החלפת מידה או צבע היא ללא תשלום, תוך 30 יום.',
  },
  {
    question: 'מהם אמצעי התשלום?',
    answer:
      'אפשר לשלם בכרטיס אשראי (ויזה, מאסטרקארד, אמריקן אקספרס), ב־PayPal, ב־Apple Pay, ב־Google Pay, בביט ובכרטיס ' +
      'מתנה שלנו. הזמנה מעל 400 ש״ח אפשר לפרוס לשלושה תשלומים ללא ריבית. החיוב נעשה כשההזמנה נשלחת.',
  },
  {
    question: 'מהן שעות הפתיחה, והאם אתם פתוחים בשבת?',
    answer:
      'החנויות פתוחות:\n\n' +
      '- ימים ראשון עד חמישי: 9:00 עד 20:00\n' +
      '- יום שישי וערב חג: 9:00 עד 14:00\n' +
      '- שבת: סגור; נפתח שעה אחרי צאת השבת, עד 23:00\n\n' +
      'באתר אפשר להזמין תמיד; הזמנות שנעשו בשבת נארזות ביום ראשון בבוקר.',
  },
  {
    question: 'איפה ההזמנה שלי?',
    answer:
      'נכנסים אל *החשבון שלי > הזמנות* ובוחרים *מעקב*, או לוחצים על קישור המעקב שבהודעת המשלוח. גם בלי חשבון אפשר ' +
      'לעקוב אחרי החבילה, עם מספר ההזמנה וכתובת הדואר האלקטרוני. אם המעקב לא זז שלושה ימי עסקים, כתבו לנו ונבדוק עם ' +
      'חברת השליחויות.',
  },
  {
    question: 'איך יוצרים קשר עם שירות הלקוחות?',
    answer:
      'אפשר לכתוב לנו כאן בצ׳אט בכל שעה, בדואר אלקטרוני help@acme-outfitters.example או בטלפון 1-555-0142. נציגים ' +
      'עונים בימים ראשון עד חמישי בין 9:00 ל־18:00 וביום שישי עד 13:00.',
  },
  {
    question: 'מה מכסה האחריות?',
    answer:
      'לאוהלים, לתרמילים ולמעילים יש **אחריות לכל החיים** על פגמי חומר וייצור; לנעליים, לכיריים ולמוצרי חשמל יש שנתיים. ' +
      'קודם מתקנים, ומחליפים מה שאי אפשר לתקן. בלאי רגיל אינו מכוסה, אך בית המלאכה שלנו מתקן אותו במחיר הוגן.',
  },
]
